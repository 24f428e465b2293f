namespace Outbox.Inbox;

/// <summary>
/// What MassTransit is to be told of a consumer waits until its transaction has ended: an attempt that the database asks to repeat is nobody's fault, and one that did not commit has consumed
/// nothing.
/// </summary>
internal sealed class AttemptNotices
{
    private Func<Task>? _consumed;
    private Func<Task>? _faulted;

    /// <summary>Another attempt begins, and what was said of the one before is void.</summary>
    public void Begin() => (_consumed, _faulted) = (null, null);

    public void Consumed(Func<Task> notify) => _consumed = notify;

    public void Faulted(Func<Task> notify) => _faulted = notify;

    public Task CommittedAsync() => _consumed?.Invoke() ?? Task.CompletedTask;

    /// <param name="otherwise">Where it was not the consumer that failed.</param>
    public Task FailedAsync(Func<Task> otherwise) => (_faulted ?? otherwise)();
}
