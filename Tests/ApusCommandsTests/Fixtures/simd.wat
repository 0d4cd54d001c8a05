(module (func $vector (export "_start") v128.const i64x2 0 0 drop))
