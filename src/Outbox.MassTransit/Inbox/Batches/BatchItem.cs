using MassTransit;

namespace Outbox.Inbox.Batches;

/// <summary>A message of a batch with its inbox record.</summary>
internal sealed record BatchItem<TMessage>(ConsumeContext<TMessage> Context, InboxRecord Record)
    where TMessage : class
{
    public InboxAttempts Attempts => Context.ReceiveContext.GetOrAddPayload(() => new InboxAttempts());
}
