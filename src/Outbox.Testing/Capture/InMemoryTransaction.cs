using Outbox.Capture;
using Outbox.History.Loading;
using Outbox.History.Registration;
using Outbox.History.Storing;

namespace Outbox.Testing.Capture;

/// <summary>A transaction that has messages only. What a callback does to objects of its own is not undone when it fails.</summary>
internal sealed class InMemoryTransaction(CaptureBuffer buffer, IHistoryReader reader, HistoryServices services) : BufferedTransaction(buffer)
{
    private TransactionHistory? _history;

    internal override T? Feature<T>()
        where T : class => (_history ??= new(this, reader, services)) as T;

    /// <summary>Entities whose snapshots are due when it has committed.</summary>
    public IReadOnlyList<(StateRegistration State, string Id)> DueSnapshots => _history?.Due ?? [];
}
