using MongoDB.Bson;
using Outbox.Messages;

namespace Outbox.MongoDb.Delivery.Reading;

/// <summary>The messages of one entity on a page, beside what the outbox has of it.</summary>
/// <param name="entity">The entity.</param>
/// <param name="messages">Its messages, in their order.</param>
/// <param name="before">The last of it on the page before, if it goes on from there.</param>
internal sealed class PageEntity(Entity entity, IReadOnlyList<OutboxMessage> messages, OutboxMessage? before)
{
    private HashSet<OutboxMessage>? _free;

    public Entity Entity => entity;

    public int Lane => messages[0].Lane;

    public OutboxMessage? Before => before;

    /// <summary>Whether it is known which of the messages may go on.</summary>
    public bool IsDecided => _free is not null;

    /// <summary>Whether all of them may.</summary>
    public bool IsWhole => _free?.Count == messages.Count;

    public bool IsFree(OutboxMessage message) => _free!.Contains(message);

    /// <summary>Has none of the messages go on.</summary>
    public void LeaveOut() => _free = new HashSet<OutboxMessage>(ReferenceEqualityComparer.Instance);

    /// <summary>Compares the messages with what the outbox has, both in their order. Behind the first that the page has not, none may go on.</summary>
    /// <param name="stored">The keys that were found.</param>
    /// <param name="isComplete">Whether there are no more of them.</param>
    public void Compare(IEnumerable<BsonDocument> stored, bool isComplete)
    {
        var keys = stored.Select(KeyOf).SkipWhile(key => before is not null && key.CompareTo(KeyOf(before)) <= 0).ToList();
        var next = 0;
        var free = new HashSet<OutboxMessage>(ReferenceEqualityComparer.Instance);
        foreach (var message in messages)
        {
            if (next == keys.Count && !isComplete)
            {
                return;
            }

            // What is not there any more, another relay has published.
            var order = next == keys.Count ? 1 : keys[next].CompareTo(KeyOf(message));
            if (order < 0)
            {
                break;
            }

            free.Add(message);
            next += order == 0 ? 1 : 0;
        }

        _free = free;
    }

    private static (double Version, double Ordinal) KeyOf(OutboxMessage message) => (message.Version, message.Ordinal);

    /// <summary>A document without a number is before all others, as it is in the index.</summary>
    private static (double Version, double Ordinal) KeyOf(BsonDocument key) => (Number(key, "version"), Number(key, "ordinal"));

    private static double Number(BsonDocument key, string name) =>
        key.GetValue(name, BsonNull.Value) is { IsNumeric: true } number ? number.ToDouble() : double.NegativeInfinity;
}
