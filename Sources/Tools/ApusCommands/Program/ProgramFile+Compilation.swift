// What a file's binary is made into before anything of it runs; what is wrong with it is said of the file.

import ComponentRuntime
import Execution
import WasmBinary
import WasmEngine

extension ProgramFile {
    func compileModule(with engine: Engine) throws(Diagnostic) -> Module {
        do throws(BinaryError) {
            return try engine.compile(source)
        } catch {
            throw Diagnostic.invalid(self, error)
        }
    }

    func compileComponent(with engine: Engine) throws(Diagnostic) -> CompiledComponent {
        do throws(BinaryError) {
            return try engine.compile(component: source)
        } catch {
            throw Diagnostic.invalid(self, error)
        }
    }
}
