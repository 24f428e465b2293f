using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Outbox.Delivery;

namespace Outbox.Operations.Pausing;

/// <summary>
/// What is paused, as this process saw it last: one look for all who ask, so that nobody reads for each message. A pause ends here by itself, also when the database cannot be read. For transports.
/// </summary>
public sealed class PauseBook
{
    private readonly IPauses? _pauses;
    private readonly TimeProvider _time;
    private readonly ILogger<PauseBook> _logger;
    private readonly Lock _gate = new();
    private volatile Seen _seen;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _begun;

    /// <param name="pauses">Where pauses are kept; nothing is ever paused where that is nowhere.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Says once when a pause begins and once when it ends.</param>
    public PauseBook(IEnumerable<IPauses> pauses, TimeProvider time, ILogger<PauseBook> logger)
    {
        (_pauses, _time, _logger) = (pauses.LastOrDefault(), time, logger);
        _seen = new Seen(FrozenDictionary<PauseTarget, Seen.Entry>.Empty, IsKnown: _pauses is null);
    }

    /// <summary>What is paused now.</summary>
    public IReadOnlyList<Pause> All => [.. _seen.Entries.Values.Where(IsOn).Select(entry => entry.Pause)];

    /// <summary>How often the relay or a topic began to be paused.</summary>
    internal int Begun => Volatile.Read(ref _begun);

    /// <summary>The topics that are paused now.</summary>
    internal IReadOnlyCollection<string> Topics =>
        _seen.Entries.Count == 0 ? [] : [.. _seen.Entries.Values.Where(entry => entry.Pause.Target.Kind == PauseKind.Topic && IsOn(entry)).Select(entry => entry.Pause.Target.Name)];

    /// <summary>The pause of something, if it is paused now.</summary>
    public Pause? Find(PauseTarget target) => _seen.Entries.TryGetValue(target, out var entry) && IsOn(entry) ? entry.Pause : null;

    /// <summary>Whether something has to rest: it is paused, or nobody has looked yet.</summary>
    public bool MustRest(PauseTarget target) => !_seen.IsKnown || Find(target) is not null;

    /// <summary>Ends when something need not rest any more, within a second or so.</summary>
    public async Task UntilResumedAsync(PauseTarget target)
    {
        while (true)
        {
            var changed = Volatile.Read(ref _changed).Task;
            if (!MustRest(target))
            {
                return;
            }

            await changed.ConfigureAwait(false);
        }
    }

    /// <summary>Whether a topic is paused now.</summary>
    internal bool IsTopicPaused(string topic) => _seen.Entries.Count > 0 && !string.IsNullOrWhiteSpace(topic) && Find(PauseTarget.Topic(topic)) is not null;

    /// <summary>Looks, unless that was done before: what is paused must be known before anything is done.</summary>
    internal Task EnsureKnownAsync(CancellationToken cancellationToken) =>
        _seen.IsKnown ? Task.CompletedTask : StoreFailedException.NameAsync("looking what is paused", () => LookAsync(cancellationToken));

    /// <summary>Looks what is paused.</summary>
    /// <returns>Whether something has changed.</returns>
    internal async Task<bool> LookAsync(CancellationToken cancellationToken)
    {
        if (_pauses is null)
        {
            return false;
        }

        var asked = _time.GetTimestamp();
        var found = await _pauses.ListPausesAsync(cancellationToken).ConfigureAwait(false);
        var answered = _time.GetTimestamp();
        return Change(_ => found.ToDictionary(pause => pause.Target, pause => new Seen.Entry(pause, asked, answered)), asked);
    }

    /// <summary>Lets go what has come to its end.</summary>
    /// <returns>Whether something has.</returns>
    internal bool Expire() => _seen.Entries.Count > 0 && Change(before => before.Where(entry => IsOn(entry.Value)).ToDictionary());

    private bool Change(Func<FrozenDictionary<PauseTarget, Seen.Entry>, Dictionary<PauseTarget, Seen.Entry>> next, long? asked = null)
    {
        lock (_gate)
        {
            var before = _seen;
            if (asked < before.AskedAt)
            {
                // Two looked at once, and the one that began earlier got its answer later: what it saw may be over.
                return false;
            }

            _seen = new Seen(next(before.Entries).ToFrozenDictionary(), IsKnown: true) { AskedAt = asked ?? before.AskedAt };
            var begun = _seen.Entries.Values.Where(entry => before.Entries.GetValueOrDefault(entry.Pause.Target)?.Pause.Until != entry.Pause.Until).Select(entry => entry.Pause).ToList();
            var ended = before.Entries.Where(entry => !_seen.Entries.ContainsKey(entry.Key)).Select(entry => entry.Value).ToList();
            begun.ForEach(pause => _logger.PauseBegins(pause.Target, pause.By, pause.Until, pause.Reason));
            ended.ForEach(entry => _logger.PauseEnds(entry.Pause.Target, MayHaveEnded(entry) ? "came to its end" : "was resumed"));
            if (before.IsKnown && begun.Count + ended.Count == 0)
            {
                return false;
            }

            _begun += begun.Count(pause => pause.Target.Kind != PauseKind.Endpoint);
            Interlocked.Exchange(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
            return true;
        }
    }

    private bool MayHaveEnded(Seen.Entry entry) => _time.GetElapsedTime(entry.AskedAt) >= entry.Pause.Remaining;

    private bool IsOn(Seen.Entry entry) => _time.GetElapsedTime(entry.AnsweredAt) < entry.Pause.Remaining;

    private sealed record Seen(FrozenDictionary<PauseTarget, Seen.Entry> Entries, bool IsKnown)
    {
        /// <summary>When that was asked for, as a timestamp of the clock.</summary>
        public long AskedAt { get; init; } = long.MinValue;

        /// <param name="Pause">The pause.</param>
        /// <param name="AskedAt">When it was asked for, as a timestamp of the clock: counted from then, it ends early, by as long as the answer took at most.</param>
        /// <param name="AnsweredAt">When the answer came: counted from then, it never ends early, and late by as long as the answer took at most.</param>
        internal sealed record Entry(Pause Pause, long AskedAt, long AnsweredAt);
    }
}
