using Outbox.Delivery.Publishing;
using Outbox.Messages;

namespace Outbox.Kafka.Delivery.Sending;

/// <summary>
/// Goes on with a batch in which a refusal has stopped others. Those whose entity is not suspected are sent again together. The suspects are sent in smaller and smaller parts, of each
/// entity one message at a time, until a message that is refused alone is the bad one: it is parked, and its entity's later ones wait. So an entity's order is kept whatever the parts are.
/// </summary>
internal sealed class Isolation(IBatchSender sender, IReadOnlyList<OutboxMessage> messages, BatchOutcome first, Func<OutboxMessage, Place> placeOf)
{
    private readonly PublishResult[] _results = first.Results;
    private readonly HashSet<int> _suspects = [.. first.Suspects];
    private readonly HashSet<int> _blocked = [];
    private readonly Dictionary<Place, Search> _searches = [];

    public static bool IsNeeded(BatchOutcome outcome) => outcome.Results.Contains(PublishResult.Held);

    public async Task<PublishResult[]> RunAsync(Func<TimeSpan> remaining, CancellationToken cancellationToken)
    {
        Block();
        await TogetherAsync(remaining, cancellationToken).ConfigureAwait(false);
        while (remaining() > TimeSpan.Zero && NextPart() is { Count: > 0 } part)
        {
            var outcome = await sender.SendApartAsync(Messages(part), remaining(), cancellationToken).ConfigureAwait(false);
            Take(part, outcome);
            var place = placeOf(messages[part[0]]);
            _searches[place] = _searches[place].After(part.Count, refused: outcome.Suspects.Count > 0);
        }

        return _results;
    }

    /// <summary>A transaction can end at its first bad record, before another partition's has been seen: as long as each attempt finds new suspects, the rest is sent again.</summary>
    private async Task TogetherAsync(Func<TimeSpan> remaining, CancellationToken cancellationToken)
    {
        var rest = Open(suspected: false).ToList();
        while (rest.Count > 0 && remaining() > TimeSpan.Zero)
        {
            Take(rest, await sender.SendAsync(Messages(rest), remaining(), cancellationToken).ConfigureAwait(false));
            var left = Open(suspected: false).ToList();
            if (left.Count == rest.Count)
            {
                return;
            }

            rest = left;
        }
    }

    /// <summary>Messages of one place, of each entity the first that is open.</summary>
    private List<int> NextPart()
    {
        var open = Open(suspected: true).DistinctBy(index => messages[index].Entity).ToList();
        if (open.Count == 0)
        {
            return open;
        }

        var place = placeOf(messages[open[0]]);
        var there = open.Where(index => placeOf(messages[index]) == place).ToList();
        _searches.TryAdd(place, new Search(there.Count, 0));
        return [.. there.Take(_searches[place].NextSize)];
    }

    private IEnumerable<int> Open(bool suspected)
    {
        var entities = _suspects.Select(index => messages[index].Entity).ToHashSet();
        return Enumerable.Range(0, messages.Count).Where(index =>
            _results[index] == PublishResult.Held && !_blocked.Contains(index) && entities.Contains(messages[index].Entity) == suspected);
    }

    private void Take(List<int> sent, BatchOutcome outcome)
    {
        for (var i = 0; i < sent.Count; i++)
        {
            _results[sent[i]] = outcome.Results[i];
        }

        _suspects.UnionWith(outcome.Suspects.Select(index => sent[index]));
        Block();
    }

    /// <summary>Nothing of an entity goes behind one of its messages that was not published, and nothing to a place that takes nothing.</summary>
    private void Block()
    {
        var closed = _results.Where(result => result.Status == PublishStatus.PlaceFailed).DistinctBy(result => result.Place).ToList();
        var stopped = new HashSet<Entity>();
        for (var index = 0; index < _results.Length; index++)
        {
            var message = messages[index];
            if (stopped.Contains(message.Entity))
            {
                _blocked.Add(index);
                continue;
            }

            if (_results[index] == PublishResult.Held && closed.FindIndex(failure => failure.Place!.Value.Contains(placeOf(message))) is var at and >= 0)
            {
                _results[index] = closed[at];
            }

            if (_results[index].Status is not (PublishStatus.Published or PublishStatus.Held))
            {
                stopped.Add(message.Entity);
            }
        }
    }

    private List<OutboxMessage> Messages(List<int> indexes) => [.. indexes.Select(index => messages[index])];

    /// <summary>The search for bad messages of one place, by halves.</summary>
    /// <param name="Bad">Of so many messages, from the first that is open on, one at least is bad; 0 when that is not known.</param>
    /// <param name="Good">How many went through last.</param>
    private readonly record struct Search(int Bad, int Good)
    {
        /// <summary>How many to send next.</summary>
        public int NextSize => Bad > 0 ? (Bad + 1) / 2 : 2 * Good;

        public Search After(int sent, bool refused) => refused ? new Search(sent, 0) : new Search(Math.Max(0, Bad - sent), sent);
    }
}
