using Outbox.Operations;
using Outbox.Operations.Pausing;

namespace Outbox.Tests.Operations;

/// <summary>Pauses that are stored somewhere.</summary>
internal sealed class StoredPauses : IPauses
{
    private readonly List<Pause> _stored = [];

    public void Add(PauseTarget target, DateTimeOffset now, string reason, TimeSpan? length = null)
    {
        var remaining = length ?? TimeSpan.FromHours(1);
        _stored.Add(new Pause(target, now, now + remaining, Actor.Claimed("ann"), reason) { Remaining = remaining });
    }

    public void Clear() => _stored.Clear();

    public Task<Pause> PauseAsync(PauseRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> ResumeAsync(PauseTarget target, string reason, Actor? by, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Answers instead of what is stored, one question after the other.</summary>
    public Queue<Task<IReadOnlyList<Pause>>> Answers { get; } = [];

    public Task<IReadOnlyList<Pause>> ListPausesAsync(CancellationToken cancellationToken) => Answers.TryDequeue(out var answer) ? answer : Task.FromResult<IReadOnlyList<Pause>>([.. _stored]);
}
