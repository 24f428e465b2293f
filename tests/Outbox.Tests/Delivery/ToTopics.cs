using Outbox.Delivery.Publishing;
using Outbox.Messages;

namespace Outbox.Tests.Delivery;

/// <summary>Publishes whatever it gets, unless a test has it answer otherwise.</summary>
internal sealed class ToTopics : IMessagePublisher
{
    public Func<OutboxMessage, PublishResult> Answer { get; set; } = _ => PublishResult.Published;

    public List<OutboxMessage> Given { get; } = [];

    public Task<IReadOnlyList<PublishResult>> PublishAsync(IReadOnlyList<OutboxMessage> messages, TimeSpan deadline, CancellationToken cancellationToken)
    {
        Given.AddRange(messages);
        return Task.FromResult<IReadOnlyList<PublishResult>>([.. messages.Select(Answer)]);
    }
}
