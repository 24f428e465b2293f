using MassTransit;
using MassTransit.Context;
using MassTransit.Util;
using Outbox.Capture;

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
    private readonly PendingTaskCollection _pending = new(4);

    public InboxConsumeContext(ConsumeContext<TMessage> outer, IOutboxTransaction transaction, MessageCapture capture)
        : base(outer)
    {
        (_outer, _transaction) = (outer, transaction);
        ReceiveContext = new InboxReceiveContext(outer.ReceiveContext, new TransactionEndpoints(capture, transaction));
        PublishEndpointProvider = ReceiveContext.PublishEndpointProvider;
    }

    public override Task ConsumeCompleted => _pending.Completed(CancellationToken);

    public override void AddConsumeTask(Task task) => _pending.Add(task);

    public override bool HasPayloadType(Type payloadType) => payloadType == typeof(IOutboxTransaction) || base.HasPayloadType(payloadType);

    public override bool TryGetPayload<T>(out T payload)
    {
        if (_transaction is T transaction)
        {
            payload = transaction;
            return true;
        }

        return base.TryGetPayload(out payload!);
    }

    /// <summary>An answer to a request is not a captured message: it goes out at once, also when the transaction fails later.</summary>
    public override Task<ISendEndpoint> GetSendEndpoint(Uri address) =>
        address == ResponseAddress || address == FaultAddress ? _outer.GetSendEndpoint(address) : base.GetSendEndpoint(address);
}
