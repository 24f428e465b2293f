namespace Outbox.MongoDb.Sessions;

/// <summary>The time that a commit or an abort has: as long as it takes, and a moment more when its caller has gone.</summary>
internal sealed class TransactionEnding : IDisposable
{
    /// <summary>A server that hangs shall not keep a process from stopping.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _end = new();
    private readonly CancellationTokenRegistration _going;

    public TransactionEnding(CancellationToken caller) => _going = caller.UnsafeRegister(static end => ((CancellationTokenSource)end!).CancelAfter(Patience), _end);

    public CancellationToken Token => _end.Token;

    public void Dispose()
    {
        _going.Dispose();
        _end.Dispose();
    }
}
