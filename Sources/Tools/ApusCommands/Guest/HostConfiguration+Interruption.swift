// Waits of a guest that the command can end.

import WASIHost

extension HostConfiguration {
    /// The configuration with waits that end when the guest is to be stopped.
    func interruptible(by control: GuestControl) -> HostConfiguration {
        // Without descriptors for a pipe the guest can still be stopped while it does not wait.
        guard let waiter = try? PollWaiter() else { return self }
        control.onStop(waiter.interrupt)
        var host = self
        host.waiter = waiter
        return host
    }
}
