using MassTransit;
using MassTransit.Context;
using Outbox.Capture.Calls;

namespace Outbox.Inbox;

/// <summary>What a consumer's context takes its endpoints from.</summary>
internal sealed class InboxReceiveContext(ReceiveContext context, TransactionEndpoints endpoints) : ReceiveContextProxy(context)
{
    public override ISendEndpointProvider SendEndpointProvider => endpoints;

    public override IPublishEndpointProvider PublishEndpointProvider => endpoints;
}
