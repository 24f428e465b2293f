using Outbox.Delivery.Publishing;
using Outbox.Messages;

namespace Outbox.Delivery.Batches;

/// <summary>A batch sorted by what became of its messages.</summary>
internal sealed class PublishedBatch
{
    public static readonly PublishedBatch Empty = new([], []);

    private readonly List<OutboxMessage> _published;
    private readonly List<FailedMessage> _failed = [];
    private readonly HashSet<Entity> _unpublished = [];

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
    public IReadOnlyList<FailedMessage> Failed => _failed;

    /// <summary>Entities with an unpublished message.</summary>
    public IReadOnlyCollection<Entity> Unpublished => _unpublished;

    /// <summary>Whether there was no answer at all: that says nothing about any message, so none of them is parked for it.</summary>
    public bool IsSilent => _published.Count == 0 && _failed.TrueForAll(failed => failed.Result.Status == PublishStatus.Unavailable);

    private void Sort(OutboxMessage message, PublishResult result)
    {
        if (result.Status == PublishStatus.Published)
        {
            _published.Add(message);
        }
        else if (_unpublished.Add(message.Entity) && result.Status != PublishStatus.Held)
        {
            _failed.Add(new FailedMessage(message, result));
        }
    }
}
