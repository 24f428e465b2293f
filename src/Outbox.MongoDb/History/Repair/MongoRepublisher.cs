using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Capture;
using Outbox.History.Repair;
using Outbox.History.Storing;
using Outbox.Messages;
using Outbox.MongoDb.Payloads;

namespace Outbox.MongoDb.History.Repair;

/// <summary>Puts kept events back into the outbox, in the transaction that has the command's inbox record in it.</summary>
internal sealed class MongoRepublisher(OutboxCollections collections, IHistoryStore history, CapturedPayloads payloads, IOptions<OutboxOptions> options) : IRepublisher
{
    /// <summary>What one transaction puts back, at least one event; the rest is asked for again.</summary>
    private const long MostBytes = 8 * 1024 * 1024;

    private static readonly BsonDocument ReceiverOnly = new($"headers.{MessageHeaders.ReplayFor}", 1);

    /// <inheritdoc/>
    public async Task<GapAnswer> AnswerAsync(IOutboxTransaction transaction, AnsweredTopic topic, RepublishVersions ask, Grant grant, CancellationToken cancellationToken)
    {
        var session = transaction.Session;
        var entity = new Entity(topic.EntityType, ask.EntityId);
        var head = await history.HeadAsync(entity, cancellationToken).ConfigureAwait(false);
        var (kept, last) = await ReadAsync(entity, ask, Math.Min(ask.To, ask.From + grant.Versions - 1), cancellationToken).ConfigureAwait(false);
        var there = await PendingAsync(session, kept, cancellationToken).ConfigureAwait(false);
        var missing = Missing(ask.From, last, [.. kept.Select(message => message.Version)]);
        if (head <= last && last < ask.To)
        {
            // There is nothing behind the last event, however many versions were asked for.
            missing = Joined(missing, (last + 1, ask.To));
            last = ask.To;
        }

        var due = grant.At.AddMilliseconds(-kept.Count - missing.Count);
        var put = kept.Where(message => !there.ContainsKey(message.MessageId)).Select((message, i) => RepairMessages.Replay(topic, message, ask.Endpoint, options.Value.Lanes, due.AddMilliseconds(i)));
        var voids = missing.Select((range, i) => RepairMessages.Void(topic, ask, range, options.Value.Lanes, due.AddMilliseconds(kept.Count + i)));
        var messages = await payloads.DepositAsync(session, [.. put, .. voids], blocking: false, cancellationToken).ConfigureAwait(false);
        if (messages.Count > 0)
        {
            await collections.Outbox.InsertManyAsync(session, messages, cancellationToken: cancellationToken).ConfigureAwait(false);
        }

        var elsewhere = there.Values.Count(receiver => receiver is not null && receiver != ask.Endpoint);
        return new GapAnswer(messages.Count - missing.Count, there.Count, elsewhere, missing.Sum(range => range.To - range.From + 1), ask.To - last);
    }

    /// <summary>The ranges of versions that are not kept.</summary>
    private static List<(long From, long To)> Missing(long from, long to, IReadOnlyList<long> kept)
    {
        var missing = new List<(long, long)>();
        foreach (var version in kept.Append(to + 1))
        {
            if (version > from)
            {
                missing.Add((from, version - 1));
            }

            from = version + 1;
        }

        return missing;
    }

    private static List<(long From, long To)> Joined(List<(long From, long To)> ranges, (long From, long To) next) =>
        ranges is [.., var last] && last.To == next.From - 1 ? [.. ranges[..^1], (last.From, next.To)] : [.. ranges, next];

    private async Task<(List<OutboxMessage> Kept, long Last)> ReadAsync(Entity entity, RepublishVersions ask, long to, CancellationToken cancellationToken)
    {
        var kept = new List<OutboxMessage>();
        var bytes = 0L;
        await foreach (var (message, _) in history.ReadAsync(entity, ask.From, to, cancellationToken).ConfigureAwait(false))
        {
            bytes += message.Payload?.Length ?? 0;
            if (bytes > MostBytes && kept.Count > 0)
            {
                return (kept, message.Version - 1);
            }

            kept.Add(message);
        }

        return (kept, to);
    }

    /// <summary>Those that are in the outbox, or parked there, and the endpoint that they are repeated for, if they are.</summary>
    private async Task<Dictionary<string, string?>> PendingAsync(IClientSessionHandle session, List<OutboxMessage> kept, CancellationToken cancellationToken)
    {
        var ids = new BsonDocument("_id", new BsonDocument("$in", new BsonArray(kept.Select(message => message.MessageId))));
        var pending = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var collection in kept.Count == 0 ? [] : new[] { collections.OutboxDocuments, collections.Parked })
        {
            foreach (var found in await collection.Find(session, ids).Project(ReceiverOnly).ToListAsync(cancellationToken).ConfigureAwait(false))
            {
                pending[found["_id"].AsString] = found.GetValue("headers", null) is BsonDocument headers && headers.TryGetValue(MessageHeaders.ReplayFor, out var receiver) ? receiver.AsString : null;
            }
        }

        return pending;
    }
}
