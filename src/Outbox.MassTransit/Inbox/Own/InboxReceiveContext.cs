using MassTransit;
using MassTransit.Context;
using Outbox.Capture.Calls;

namespace Outbox.Inbox.Own;

/// <summary>What a consumer's context takes its endpoints from.</summary>
internal sealed class InboxReceiveContext(ReceiveContext context, TransactionEndpoints endpoints, OwnMessages own) : ReceiveContextProxy(context)
{
    public override ISendEndpointProvider SendEndpointProvider { get; } = new OwnEndpoints(endpoints, own);

    public override IPublishEndpointProvider PublishEndpointProvider => endpoints;
}
