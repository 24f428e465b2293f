using Outbox.Delivery.Publishing;
using Outbox.Messages;

namespace Outbox.Delivery;

/// <summary>A batch sorted by what became of its messages.</summary>
internal sealed class PublishedBatch
{
    private readonly List<string> _published = [];
    private readonly List<UnpublishableMessage> _refused = [];
    private readonly HashSet<string> _held = new(StringComparer.Ordinal);

    public PublishedBatch(IReadOnlyList<OutboxMessage> messages, IReadOnlyList<PublishResult> results)
    {
        for (var i = 0; i < messages.Count; i++)
        {
            Sort(messages[i], results[i]);
        }
    }

    public IReadOnlyCollection<string> Published => _published;

    public IReadOnlyCollection<UnpublishableMessage> Refused => _refused;

    /// <summary>Entities with an unpublished message.</summary>
    public IReadOnlyCollection<string> Held => _held;

    public int Failed { get; private set; }

    public string? Error { get; private set; }

    private void Sort(OutboxMessage message, PublishResult result)
    {
        switch (result.Status)
        {
            case PublishStatus.Published:
                _published.Add(message.MessageId);
                break;
            case PublishStatus.Refused:
                _refused.Add(new UnpublishableMessage(message, result.Error ?? "refused", Attempts: 1));
                _held.Add(message.EntityId);
                break;
            default:
                Failed += result.Status == PublishStatus.Failed ? 1 : 0;
                Error ??= result.Error;
                _held.Add(message.EntityId);
                break;
        }
    }
}
