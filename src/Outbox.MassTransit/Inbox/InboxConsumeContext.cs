using MassTransit;
using MassTransit.Context;
using MassTransit.Util;
using Outbox.Capture;
using Outbox.Capture.Calls;
using Outbox.Inbox.Own;

namespace Outbox.Inbox;

/// <summary>
/// The context of one attempt: its publish and send calls write into the transaction, and its pending tasks are its own, so that those of a failed
/// attempt do not fail the next.
/// </summary>
internal sealed class InboxConsumeContext<TMessage> : ConsumeContextProxy<TMessage>
    where TMessage : class
{
    private readonly ConsumeContext<TMessage> _outer;
    private readonly InboxEndpoint _endpoint;
    private readonly IOutboxTransaction _transaction;
    private readonly AttemptNotices? _notices;
    private PendingTaskCollection? _pending;

    /// <param name="outer">The context outside of the transaction.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="transaction">The transaction.</param>
    /// <param name="notices">Where MassTransit is told what came of the attempt when the transaction has ended; <see langword="null"/> to have it told at once.</param>
    public InboxConsumeContext(ConsumeContext<TMessage> outer, InboxEndpoint endpoint, IOutboxTransaction transaction, AttemptNotices? notices = null)
        : base(outer)
    {
        (_outer, _endpoint, _transaction, _notices) = (outer, endpoint, transaction, notices);
        var endpoints = new TransactionEndpoints(endpoint.Capture, transaction, outer);
        ReceiveContext = new InboxReceiveContext(outer.ReceiveContext, endpoints, new OwnMessages(endpoint.Registry, endpoint.Time, transaction, outer));
        PublishEndpointProvider = endpoints;
    }

    public override Task ConsumeCompleted => Volatile.Read(ref _pending)?.Completed(CancellationToken) ?? Task.CompletedTask;

    public override void AddConsumeTask(Task task) => LazyInitializer.EnsureInitialized(ref _pending, () => new PendingTaskCollection(4)).Add(task);

    public override bool HasPayloadType(Type payloadType) => payloadType == typeof(IOutboxTransaction) || payloadType == typeof(MessageSchedulerContext) || base.HasPayloadType(payloadType);

    public override bool TryGetPayload<T>(out T payload)
    {
        var own = _transaction as T ?? Scheduling<T>();
        payload = own!;
        return own is not null || base.TryGetPayload(out payload!);
    }

    public override Task NotifyConsumed<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType)
    {
        if (_notices is null)
        {
            return base.NotifyConsumed(context, duration, consumerType);
        }

        _notices.Consumed(() => _outer.NotifyConsumed(Outside(context), duration, consumerType));
        return Task.CompletedTask;
    }

    /// <summary>The fault of an attempt is not part of its transaction, which is about to be undone.</summary>
    public override Task NotifyFaulted<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
    {
        if (_notices is null)
        {
            return _outer.NotifyFaulted(Outside(context), duration, consumerType, exception);
        }

        _notices.Faulted(() => _outer.NotifyFaulted(Outside(context), duration, consumerType, exception));
        return Task.CompletedTask;
    }

    private ConsumeContext<T> Outside<T>(ConsumeContext<T> context)
        where T : class => ReferenceEquals(context, this) ? (ConsumeContext<T>)_outer : context;

    /// <summary>What is scheduled or delivered again is part of the transaction, whatever scheduler the bus has.</summary>
    private T? Scheduling<T>()
        where T : class => typeof(T) == typeof(MessageSchedulerContext) ? (T)(object)new ConsumeMessageSchedulerContext(this, _endpoint.Scheduler)
        : typeof(T) == typeof(MessageRedeliveryContext) ? (T)(object)new ScheduleMessageRedeliveryContext<TMessage>(this, RedeliveryOptions.ReplaceMessageId)
        : null;
}
