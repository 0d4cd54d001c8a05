// What annotations contain, for modules and components alike.

import WasmBinary

extension TokenizedText {
    package func error(_ annotation: Annotation, _ message: String) -> TextError {
        error("@\(annotation.name.text) annotation: \(message)", at: annotation.offset)
    }

    /// A string in an annotation, which must be UTF-8.
    package func name(_ token: Token, of annotation: Annotation) throws(TextError) -> String {
        guard token.kind == .string else { throw error(annotation, "string expected") }
        let bytes = string(token)
        guard Lexer.isUTF8(bytes) else { throw error(annotation, "malformed UTF-8 encoding") }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The contents of the `producers` section that `(@producers (processed-by "NAME" "VERSION") …)` stands for
    /// (tool conventions, "Producers section").
    package func producersSection(_ annotation: Annotation) throws(TextError) -> [UInt8] {
        var fields: [(name: String, values: VectorSection)] = []
        var contents = annotationTokens[annotation.contents]
        while contents.popFirst()?.kind == .leftParenthesis {
            guard let keyword = contents.popFirst(), keyword.kind == .keyword, let value = contents.popFirst(),
                let version = contents.popFirst(), contents.popFirst()?.kind == .rightParenthesis
            else { throw error(annotation, "(FIELD \"NAME\" \"VERSION\") expected") }
            let field = text(of: keyword)
            let position = fields.firstIndex { $0.name == field } ?? fields.count
            if position == fields.count { fields.append((field, VectorSection())) }
            let names = (try name(value, of: annotation), try name(version, of: annotation))
            fields[position].values.append { writer in
                writer.writeName(names.0)
                writer.writeName(names.1)
            }
        }
        guard contents.isEmpty else { throw error(annotation, "unexpected token") }
        var writer = ByteWriter()
        writer.writeVarUInt32(UInt32(truncatingIfNeeded: fields.count))
        for field in fields {
            writer.writeName(field.name)
            writer.writeVarUInt32(field.values.count)
            writer.write(field.values.writer)
        }
        return writer.bytes
    }
}
