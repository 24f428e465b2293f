using Outbox.Embedded.MongoDb.Clients;
using Outbox.Embedded.MongoDb.Storage;

namespace Outbox.Embedded.MongoDb.Replication;

/// The loss and return of the primary's role, in a set with one member.
internal sealed class Elections(Node node, Store store, Sessions sessions) : IDisposable
{
    private readonly Lock _gate = new();
    private ITimer? _return;

    /// No primary until `StepUp`, or until the time has passed when one is given. Open transactions are aborted.
    public void StepDown(TimeSpan? duration)
    {
        lock (_gate)
        {
            node.Become(primary: false);
            sessions.AbortAll();
            _return?.Dispose();
            _return = duration is { } time ? store.Clock.Time.CreateTimer(_ => StepUp(), null, time, Timeout.InfiniteTimeSpan) : null;
        }
    }

    public void StepUp()
    {
        lock (_gate)
        {
            _return?.Dispose();
            _return = null;
            if (!node.IsPrimary)
            {
                store.Tick();
                node.Become(primary: true);
            }
        }
    }

    /// A failover to a member that never had what was not majority-committed.
    public void RollBack()
    {
        lock (_gate)
        {
            node.Become(primary: false);
            sessions.AbortAll();
            var kept = store.RollBackToMajority();
            foreach (var session in sessions.All())
            {
                session.ForgetAfter(kept);
            }
        }
    }

    public void Dispose() => _return?.Dispose();
}
