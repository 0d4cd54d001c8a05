// The core half of a component's plan: modules, core instances, and the functions between the two worlds.

import ComponentBinary
import ComponentTypes
import Execution
import WasmBinary
import WasmTypes

extension ComponentInstantiator {
    mutating func instantiateModule(
        _ index: CoreModuleIndex, _ arguments: [NamedItem<CoreInstanceIndex>]
    ) throws(ComponentInstantiationError) {
        let module = try element(coreModules, index.position)
        var supplied: [String: CoreExports] = [:]
        for argument in arguments { supplied[argument.name] = try element(coreInstances, argument.item.position) }
        let values = module.binary.imports.map { supplied[$0.module]?[$0.name] }
        do throws(InstantiationError) {
            coreInstances.append(.instance(try state.storeState.store.instantiate(module, imports: values)))
        } catch {
            let name = module.names.module.map { " (\($0))" } ?? ""
            throw .module(place: "\(place), core instance \(coreInstances.count)\(name)", error)
        }
    }

    mutating func makeCoreInstance(_ items: [NamedItem<CoreItem>]) throws(ComponentInstantiationError) {
        var values: [String: ExternalValue] = [:]
        for named in items {
            values[named.name] =
                switch named.item {
                case .function(let index): .function(try element(coreFunctions, index.position))
                case .table(let index): .table(try element(tables, index.position))
                case .memory(let index): .memory(try element(memories, index.position))
                case .global(let index): .global(try element(globals, index.position))
                case .tag(let index): .tag(try element(tags, index.position))
                }
        }
        coreInstances.append(.items(values))
    }

    mutating func aliasCoreExport(
        _ index: CoreInstanceIndex, _ name: String, _ sort: CoreSort
    ) throws(ComponentInstantiationError) {
        guard let value = try element(coreInstances, index.position)[name] else { throw defect }
        switch (value, sort) {
        case (.function(let function), .function): coreFunctions.append(function)
        case (.table(let table), .table): tables.append(table)
        case (.memory(let memory), .memory): memories.append(memory)
        case (.global(let global), .global): globals.append(global)
        case (.tag(let tag), .tag): tags.append(tag)
        default: throw defect
        }
    }

    // MARK: - Canonical definitions

    func resolve(_ options: CanonicalOptions) throws(ComponentInstantiationError) -> ABIOptions {
        var memory: LinearMemory?
        if let index = options.memory { memory = try element(memories, index.position) }
        var realloc: Function?
        if let index = options.realloc { realloc = try element(coreFunctions, index.position) }
        return state.makeOptions(
            memory: memory, addressType: options.addressType, realloc: realloc,
            encoding: options.stringEncoding)
    }

    mutating func lift(
        _ index: FunctionIndex, _ type: ComponentFunctionType, _ options: CanonicalOptions
    ) throws(ComponentInstantiationError) {
        var postReturn: Function?
        if let index = options.postReturn { postReturn = try element(coreFunctions, index.position) }
        var callback: Function?
        if let index = options.callback { callback = try element(coreFunctions, index.position) }
        functions.append(
            .lifted(
                LiftedFunction(
                    name: "\(place), function \(functions.count)", type: type, component: plan,
                    program: component.program(for: type, options.addressType), options: try resolve(options),
                    core: try element(coreFunctions, index.position), convention: options.convention,
                    postReturn: postReturn, callback: callback)))
    }

    mutating func makeBuiltIn(_ builtIn: CanonicalBuiltIn, _ type: FunctionType) throws(ComponentInstantiationError) {
        if case .taskReturn(let result, let options) = builtIn {
            coreFunctions.append(
                TaskBuiltIns.taskReturn(
                    result, program: component.program(for: result, options.addressType), options: try resolve(options),
                    type: type))
        } else {
            coreFunctions.append(TaskBuiltIns.make(builtIn, type: type, in: state))
        }
    }

    mutating func lower(
        _ index: ComponentFunctionIndex, _ type: ComponentFunctionType, _ options: CanonicalOptions
    ) throws(ComponentInstantiationError) {
        coreFunctions.append(
            LoweredFunction.make(
                try element(functions, index.position), type: type,
                program: component.program(for: type, options.addressType), options: try resolve(options),
                convention: options.convention))
    }
}
