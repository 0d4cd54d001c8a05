// How many descriptors of the host one guest may hold. Without a bound a guest could take all that the process has.

import Synchronization

/// Counts the descriptors that one guest holds, and refuses more than its limit. Safe to use from any thread.
package final class DescriptorBudget: Sendable {
    package let limit: Int

    private let used = Atomic<Int>(0)

    package init(limit: Int) {
        self.limit = limit
    }

    /// How many are held now.
    package var count: Int { used.load(ordering: .relaxed) }

    /// Counts one more. Throws `EMFILE` at the limit.
    func take() throws(HostError) -> Share {
        let (old, _) = used.add(1, ordering: .relaxed)
        if old >= limit {
            used.subtract(1, ordering: .relaxed)
            throw .tooManyOpenFiles
        }
        return Share(budget: self)
    }

    /// One descriptor's place in a budget, given back when it goes.
    struct Share: ~Copyable, Sendable {
        private let budget: DescriptorBudget

        fileprivate init(budget: DescriptorBudget) {
            self.budget = budget
        }

        deinit {
            budget.used.subtract(1, ordering: .relaxed)
        }
    }
}
