// What a call in progress knows of itself (CanonicalABI.md, "Task State" and "Thread State"), as far as calls can run that
// never wait.

import ComponentTypes
import Execution

/// A call as the called instance's built-in functions see it.
struct TaskState {
    /// What `context.get` reads: each call begins with zeroes.
    var context: (UInt64, UInt64) = (0, 0)
    /// Where `task.return` delivers the result; nil for a call that returns it itself.
    var result: TaskResult?
}

/// The result of an async call in progress.
final class TaskResult {
    let function: LiftedFunction
    /// Takes the result to the caller; nil for a function without one, and after the call.
    var deliver: ((ABIType, ABIPlace) throws(Trap) -> Void)?
    private(set) var isReturned = false

    init(_ function: LiftedFunction) {
        self.function = function
    }

    func markReturned() throws(Trap) {
        guard !isReturned else { throw ABIFault.returnedTwice }
        isReturned = true
    }
}
