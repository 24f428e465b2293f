using Outbox.Delivery.Publishing;
using Outbox.Messages;

namespace Outbox.Delivery.Batches;

/// <summary>A batch sorted by what became of its messages.</summary>
internal sealed class PublishedBatch
{
    public static readonly PublishedBatch Empty = new([], []);

    private readonly List<OutboxMessage> _published;
    private readonly List<(OutboxMessage Message, PublishResult Result)> _failed = [];
    private readonly HashSet<string> _unpublished = new(StringComparer.Ordinal);

    public PublishedBatch(IReadOnlyList<OutboxMessage> messages, IReadOnlyList<PublishResult> results)
    {
        _published = new List<OutboxMessage>(messages.Count);
        for (var i = 0; i < messages.Count; i++)
        {
            Sort(messages[i], results[i]);
        }
    }

    public IReadOnlyCollection<OutboxMessage> Published => _published;

    /// <summary>The first unpublished message of each entity: those behind it only wait for it.</summary>
    public IReadOnlyList<(OutboxMessage Message, PublishResult Result)> Failed => _failed;

    /// <summary>Entities with an unpublished message.</summary>
    public IReadOnlyCollection<string> Unpublished => _unpublished;

    /// <summary>Whether the broker answered nothing at all: that says nothing about any message, so none of them is parked for it.</summary>
    public bool IsUnanswered => _published.Count == 0 && _failed.Count > 0 && _failed.All(failed => failed.Result.Status is PublishStatus.Unavailable or PublishStatus.PlaceFailed);

    public string? Error => _failed.Count == 0 ? null : _failed[0].Result.Error;

    private void Sort(OutboxMessage message, PublishResult result)
    {
        if (result.Status == PublishStatus.Published)
        {
            _published.Add(message);
        }
        else if (_unpublished.Add(message.EntityId) && result.Status != PublishStatus.Held)
        {
            _failed.Add((message, result));
        }
    }
}
