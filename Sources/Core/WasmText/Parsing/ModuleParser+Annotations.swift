// The annotations that mean something: names, custom sections, branch hints (core specification, appendix 7.7).

import WasmBinary

extension TokenizedText {
    /// The annotations that stand before one of the tokens in a range.
    package func annotations(from first: Int, through last: Int) -> Range<Int> {
        guard !annotations.isEmpty else { return 0..<0 }
        let start = annotations.firstIndex(at: first)
        return start..<max(start, annotations.firstIndex(at: last + 1))
    }
}

extension [Annotation] {
    /// The first annotation at or after a token, found in logarithmic time.
    fileprivate func firstIndex(at position: Int) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if self[middle].position < position { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension ModuleParser {
    /// The first unused annotation of this name before the current token.
    func annotationIndex(_ name: Annotation.Name) -> Int? {
        guard !annotations.isEmpty else { return nil }
        let all = cursor.text.annotations
        var index = all.firstIndex(at: cursor.position)
        while index < annotations.upperBound, all[index].position == cursor.position {
            if all[index].name == name, !usedAnnotations.contains(index) { return index }
            index += 1
        }
        return nil
    }

    /// Whether something is bound at the current token: by an identifier, or without one by an annotation alone.
    var isBinding: Bool {
        cursor.current.kind == .identifier || annotationIndex(.name) != nil
    }

    /// Marks an annotation as used, and gives its contents.
    private mutating func use(_ index: Int) -> (annotation: Annotation, contents: ArraySlice<Token>) {
        usedAnnotations.insert(index)
        let annotation = cursor.text.annotations[index]
        return (annotation, cursor.text.annotationTokens[annotation.contents])
    }

    private func error(_ annotation: Annotation, _ message: String) -> TextError {
        cursor.text.error(annotation, message)
    }

    // MARK: - Names

    mutating func takeNameAnnotation() throws(TextError) -> String? {
        guard let index = annotationIndex(.name) else { return nil }
        let (annotation, contents) = use(index)
        guard contents.count == 1, let token = contents.first, token.kind == .string else {
            throw error(annotation, "string expected")
        }
        return try utf8(token, of: annotation)
    }

    private func utf8(_ token: Token, of annotation: Annotation) throws(TextError) -> String {
        try cursor.text.name(token, of: annotation)
    }

    // MARK: - Custom sections

    /// Takes all `@custom` annotations before the current token, which must be where a field can be.
    mutating func takeCustomAnnotations() throws(TextError) {
        guard !annotations.isEmpty else { return }
        let all = cursor.text.annotations
        var index = all.firstIndex(at: cursor.position)
        while index < annotations.upperBound, all[index].position == cursor.position {
            if all[index].name == .custom { try parseCustomAnnotation(index) }
            if all[index].name == .producers {
                let (annotation, _) = use(index)
                encoder.appendCustom(annotation.name.text, try cursor.text.producersSection(annotation))
            }
            index += 1
        }
    }

    private mutating func parseCustomAnnotation(_ index: Int) throws(TextError) {
        let (annotation, all) = use(index)
        var contents = all
        guard let name = contents.popFirst(), name.kind == .string else { throw error(annotation, "missing section name") }
        let sectionName = try utf8(name, of: annotation)
        var placement = ModuleEncoder.Placement.last
        if contents.first?.kind == .leftParenthesis {
            contents.removeFirst()
            placement = try self.placement(&contents, of: annotation)
        }
        var bytes: [UInt8] = []
        while contents.first?.kind == .string, let token = contents.popFirst() {
            cursor.text.appendString(token, to: &bytes)
        }
        guard contents.isEmpty else { throw error(annotation, "unexpected token") }
        encoder.appendCustom(sectionName, bytes, at: placement)
    }

    /// The placement whose parenthesis is already taken.
    private func placement(
        _ contents: inout ArraySlice<Token>, of annotation: Annotation
    ) throws(TextError) -> ModuleEncoder.Placement {
        let direction = contents.popFirst().map { cursor.text.text(of: $0) }
        guard direction == "before" || direction == "after" else { throw error(annotation, "malformed placement") }
        let section = contents.popFirst().map { cursor.text.text(of: $0) } ?? ""
        let placement: ModuleEncoder.Placement
        if section == "first" {
            placement = .first
        } else if section == "last" {
            placement = .last
        } else if let section = Section.textNames[section] {
            placement = direction == "before" ? .before(section) : .after(section)
        } else {
            throw error(annotation, "malformed section kind")
        }
        guard contents.popFirst()?.kind == .rightParenthesis else { throw error(annotation, "unexpected token") }
        return placement
    }

    // MARK: - Branch hints

    /// The hint for the instruction that begins at the current token; nil if there is none.
    mutating func takeBranchHint() throws(TextError) -> UInt8? {
        guard let index = annotationIndex(.branchHint) else { return nil }
        let (annotation, contents) = use(index)
        guard contents.count == 1, let token = contents.first, token.kind == .string,
            case let bytes = cursor.text.string(token), bytes.count == 1, let value = bytes.first
        else { throw error(annotation, "unexpected token") }
        guard value <= 1 else { throw error(annotation, "invalid value") }
        if annotationIndex(.branchHint) != nil { throw error(annotation, "duplicate annotation") }
        return value
    }

    // MARK: - The rest

    /// Refuses annotations that stand where they cannot mean anything.
    func refuseUnusedAnnotations() throws(TextError) {
        guard usedAnnotations.count < annotations.count else { return }
        for index in annotations where !usedAnnotations.contains(index) {
            let annotation = cursor.text.annotations[index]
            if annotation.name == .branchHint { throw error(annotation, "not in a function, or not at a branch") }
            throw cursor.text.error("misplaced @\(annotation.name.text) annotation", at: annotation.offset)
        }
    }

    /// Refuses hints inside of a function that none of its instructions took.
    func refuseUnusedHints(from start: Int) throws(TextError) {
        guard !annotations.isEmpty else { return }
        let all = cursor.text.annotations
        for index in cursor.text.annotations(from: start, through: cursor.position)
        where all[index].name == .branchHint && !usedAnnotations.contains(index) {
            throw error(all[index], "invalid target")
        }
    }
}

extension Section {
    /// The sections by the names that placements have for them.
    static let textNames: [String: Section] = [
        "type": .type, "import": .import, "func": .function, "table": .table, "memory": .memory, "tag": .tag,
        "global": .global, "export": .export, "start": .start, "elem": .element, "datacount": .dataCount, "code": .code,
        "data": .data,
    ]
}
