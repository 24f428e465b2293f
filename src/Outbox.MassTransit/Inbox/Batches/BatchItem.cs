using MassTransit;
using Outbox.Messages;

namespace Outbox.Inbox.Batches;

/// <summary>A message of a batch with its inbox record.</summary>
/// <param name="context">The message.</param>
/// <param name="record">What the inbox remembers of it.</param>
/// <param name="whole">Its place in the transport's batch, if it was the transport that put the batch together.</param>
internal sealed class BatchItem<TMessage>(ConsumeContext<TMessage> context, InboxRecord record, WholeBatchItem? whole = null)
    where TMessage : class
{
    public ConsumeContext<TMessage> Context => context;

    public InboxRecord Record => record;

    public InboxAttempts Attempts { get; } = whole?.Attempts ?? context.ReceiveContext.GetOrAddPayload(static () => new InboxAttempts());

    /// <summary>The entity whose messages must not overtake each other here. In batches of MassTransit's, each message is on its own.</summary>
    public Entity? OrderedEntity => whole is null || record.EntityId is not { } id ? null : new Entity(record.EntityType ?? "", id);

    public void Begin()
    {
        Attempts.Begin();
        Failed(null);
    }

    public void Failed(Exception? error)
    {
        if (whole is not null)
        {
            whole.Error = error;
        }
    }
}
