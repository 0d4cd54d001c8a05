// Instantiates a component by walking its plan. `Component.swift` of `ComponentBinary` says what the steps mean.

import ComponentBinary
import ComponentTypes
import Execution
import WasmTypes

/// One instance in the making: an array for each index space.
struct ComponentInstantiator {
    let closure: ComponentClosure
    let arguments: [String: InstanceItem]
    let state: ComponentInstanceState
    let place: String

    var coreModules: [Module] = []
    var coreInstances: [CoreExports] = []
    var coreFunctions: [Function] = []
    var tables: [Table] = []
    var memories: [LinearMemory] = []
    var globals: [Global] = []
    var tags: [Tag] = []

    var functions: [ComponentFunction] = []
    var components: [ComponentClosure] = []
    var instances: [InstanceExports] = []

    var component: CompiledComponent { closure.component }
    var plan: Component { closure.component.binary }

    /// Makes an instance.
    ///
    /// - Parameters:
    ///   - arguments: what is supplied for each import, by the import's name; checked already.
    ///   - place: how errors call the instance.
    static func instantiate(
        _ closure: ComponentClosure, arguments: [String: InstanceItem], parent: ComponentInstanceState?,
        in store: ComponentStoreState, place: String
    ) throws(ComponentInstantiationError) -> (exports: InstanceExports, state: ComponentInstanceState) {
        let state = ComponentInstanceState(
            storeState: store, parent: parent, name: place, resourceCount: closure.component.binary.resources.count)
        do throws(Trap) { try store.adopt(state) } catch { throw .trap(place: place, error) }
        var instantiator = ComponentInstantiator(closure: closure, arguments: arguments, state: state, place: place)
        // What runs while the instance is made runs inside it.
        state.mayEnter = false
        for step in instantiator.plan.steps { try instantiator.perform(step) }
        var exports: [(String, InstanceItem)] = []
        for export in instantiator.plan.exports {
            exports.append((export.name.text, try instantiator.item(export.item)))
        }
        state.mayEnter = true
        return (InstanceExports(exports), state)
    }

    private mutating func perform(_ step: InstantiationStep) throws(ComponentInstantiationError) {
        switch step {
        case .defineModule(let position): coreModules.append(try element(component.modules, position))
        case .instantiateModule(let index, let arguments): try instantiateModule(index, arguments)
        case .makeCoreInstance(let items): try makeCoreInstance(items)
        case .aliasCoreExport(let index, let name, let sort): try aliasCoreExport(index, name, sort)
        case .defineComponent(let position): try defineComponent(position)
        case .instantiateComponent(let index, let arguments, let resources):
            try instantiateComponent(index, arguments, resources)
        case .makeInstance(let items):
            var exports: [(String, InstanceItem)] = []
            for named in items { exports.append((named.name, try item(named.item))) }
            instances.append(InstanceExports(exports))
        case .aliasExport(let index, let name, let sort):
            if sort == .type { return }
            guard let item = try element(instances, index.position)[name] else { throw defect }
            try append(item)
        case .captureModule(let position): coreModules.append(try element(closure.modules, position))
        case .captureComponent(let position): components.append(try element(closure.components, position))
        case .repeatModule(let index): coreModules.append(try element(coreModules, index.position))
        case .repeatComponent(let index): components.append(try element(components, index.position))
        case .importItem(let position, let resources):
            let name = try element(plan.type.imports.declarations, position).name.text
            guard let item = arguments[name] else { throw defect }
            try bind(resources, in: item)
            try append(item)
        case .exportItem(let position, let resources):
            let item = try item(try element(plan.exports, position).item)
            try bind(resources, in: item)
            try append(item)
        case .defineResource(let slot, let destructor):
            var function: Function?
            if let destructor { function = try element(coreFunctions, destructor.position) }
            state.setResourceType(state.storeState.makeResourceType(of: state, destructor: function), slot: slot.position)
        case .lift(let function, let type, let options): try lift(function, type, options)
        case .lower(let function, let type, let options): try lower(function, type, options)
        case .resourceNew(let slot): coreFunctions.append(ResourceBuiltIns.new(try resource(slot), in: state))
        case .resourceDrop(let slot): coreFunctions.append(ResourceBuiltIns.drop(try resource(slot), in: state))
        case .resourceRepresentation(let slot):
            coreFunctions.append(ResourceBuiltIns.representation(try resource(slot), in: state))
        case .builtIn(let builtIn, let type): try makeBuiltIn(builtIn, type)
        }
    }

    // MARK: - Index spaces

    var defect: ComponentInstantiationError { .defect(place: place) }

    func element<Element>(_ array: [Element], _ index: Int) throws(ComponentInstantiationError) -> Element {
        guard array.indices.contains(index) else { throw defect }
        return array[index]
    }

    func resource(_ slot: ResourceSlot) throws(ComponentInstantiationError) -> ResourceType {
        guard let type = try element(state.resourceTypes, slot.position) else { throw defect }
        return type
    }

    func item(_ item: ComponentItem) throws(ComponentInstantiationError) -> InstanceItem {
        switch item {
        case .coreModule(let index): .coreModule(try element(coreModules, index.position))
        case .function(let index): .function(try element(functions, index.position))
        case .component(let index): .component(try element(components, index.position))
        case .instance(let index): .instance(try element(instances, index.position))
        case .resource(let slot): .resource(try resource(slot))
        case .type: .type
        }
    }

    private mutating func append(_ item: InstanceItem) throws(ComponentInstantiationError) {
        switch item {
        case .coreModule(let module): coreModules.append(module)
        case .function(let function): functions.append(function)
        case .component(let component): components.append(component)
        case .instance(let instance): instances.append(instance)
        case .resource, .type: break
        }
    }

    private func bind(_ resources: [ResourceBinding], in item: InstanceItem) throws(ComponentInstantiationError) {
        for binding in resources {
            guard let type = item.resource(at: binding.path) else { throw defect }
            state.setResourceType(type, slot: binding.slot.position)
        }
    }

    // MARK: - Components

    private mutating func defineComponent(_ position: Int) throws(ComponentInstantiationError) {
        let inner = try element(component.components, position)
        var modules: [Module] = []
        for capture in inner.binary.capturedModules {
            switch capture {
            case .outer(let index): modules.append(try element(coreModules, index.position))
            case .captured(let position): modules.append(try element(closure.modules, position))
            }
        }
        var captured: [ComponentClosure] = []
        for capture in inner.binary.capturedComponents {
            switch capture {
            case .outer(let index): captured.append(try element(components, index.position))
            case .captured(let position): captured.append(try element(closure.components, position))
            }
        }
        components.append(ComponentClosure(inner, modules: modules, components: captured))
    }

    private mutating func instantiateComponent(
        _ index: ComponentIndex, _ named: [NamedItem<ComponentItem>], _ resources: [ResourceBinding]
    ) throws(ComponentInstantiationError) {
        var arguments: [String: InstanceItem] = [:]
        for argument in named { arguments[argument.name] = try item(argument.item) }
        let (exports, _) = try Self.instantiate(
            try element(components, index.position), arguments: arguments, parent: state, in: state.storeState,
            place: "\(place), component instance \(instances.count)")
        try bind(resources, in: .instance(exports))
        instances.append(exports)
    }
}
