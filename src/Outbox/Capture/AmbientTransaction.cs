namespace Outbox.Capture;

/// <summary>
/// The transaction that the current flow of execution runs in, so that <see cref="IOutbox"/> and MassTransit's own publish calls
/// join it wherever they are made.
/// </summary>
public static class AmbientTransaction
{
    private static readonly AsyncLocal<IOutboxTransaction?> Flow = new();

    /// <summary>The current transaction, or <see langword="null"/> outside of one.</summary>
    public static IOutboxTransaction? Current => Flow.Value;

    /// <summary>Makes a transaction current until the scope is disposed.</summary>
    public static Scope Enter(IOutboxTransaction transaction)
    {
        var before = Flow.Value;
        Flow.Value = transaction;
        return new Scope(before);
    }

    /// <summary>Restores what was current before.</summary>
    public readonly struct Scope : IDisposable
    {
        private readonly IOutboxTransaction? _before;

        internal Scope(IOutboxTransaction? before) => _before = before;

        /// <inheritdoc/>
        public void Dispose() => Flow.Value = _before;
    }
}
