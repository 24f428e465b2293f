using MassTransit;
using MassTransit.Context;
using MassTransit.Util;
using Outbox.Capture;
using Outbox.Capture.Calls;

namespace Outbox.Inbox;

/// <summary>
/// The context of one attempt: its publish and send calls write into the transaction, and its pending tasks are its own, so that those of a failed
/// attempt do not fail the next.
/// </summary>
internal sealed class InboxConsumeContext<TMessage> : ConsumeContextProxy<TMessage>
    where TMessage : class
{
    private readonly ConsumeContext<TMessage> _outer;
    private readonly IOutboxTransaction _transaction;
    private PendingTaskCollection? _pending;

    public InboxConsumeContext(ConsumeContext<TMessage> outer, IOutboxTransaction transaction, ConsumerCapture capture)
        : base(outer)
    {
        (_outer, _transaction) = (outer, transaction);
        ReceiveContext = new InboxReceiveContext(outer.ReceiveContext, new TransactionEndpoints(capture, transaction, outer));
        PublishEndpointProvider = ReceiveContext.PublishEndpointProvider;
    }

    /// <summary>
    /// Not before the commit, for a batch: MassTransit takes a message that was called consumed for done, also when its transaction fails, and the batch's context
    /// speaks for its last message.
    /// </summary>
    public bool IsNotifiedLater { get; init; }

    public override Task ConsumeCompleted => Volatile.Read(ref _pending)?.Completed(CancellationToken) ?? Task.CompletedTask;

    public override void AddConsumeTask(Task task) => LazyInitializer.EnsureInitialized(ref _pending, () => new PendingTaskCollection(4)).Add(task);

    public override bool HasPayloadType(Type payloadType) => payloadType == typeof(IOutboxTransaction) || base.HasPayloadType(payloadType);

    public override bool TryGetPayload<T>(out T payload)
    {
        if (_transaction is T transaction)
        {
            payload = transaction;
            return true;
        }

        if (typeof(T) == typeof(MessageSchedulerContext) && base.TryGetPayload<MessageSchedulerContext>(out var scheduler))
        {
            // One that schedules through this context, and so in the transaction.
            payload = (T)(object)new ConsumeMessageSchedulerContext(this, scheduler.SchedulerFactory);
            return true;
        }

        return base.TryGetPayload(out payload!);
    }

    public override Task NotifyConsumed<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType) =>
        IsNotifiedLater ? Task.CompletedTask : base.NotifyConsumed(context, duration, consumerType);

    /// <summary>The fault of an attempt is not part of its transaction, which is about to be undone.</summary>
    public override Task NotifyFaulted<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception) =>
        _outer.NotifyFaulted(ReferenceEquals(context, this) ? (ConsumeContext<T>)_outer : context, duration, consumerType, exception);
}
