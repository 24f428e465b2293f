using MassTransit;
using MassTransit.Context;
using MassTransit.Transports;

namespace Outbox.Inbox.Own;

/// <summary>The endpoint that a consumer is on, as its context hands it out.</summary>
internal sealed class OwnSendEndpoint(ISendEndpoint endpoint, OwnMessages own) : SendEndpointProxy(endpoint)
{
    public override Task Send<T>(T message, CancellationToken cancellationToken) => WriteAsync(message, null, cancellationToken);

    public override Task Send<T>(T message, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken) => WriteAsync(message, pipe, cancellationToken);

    public override Task Send<T>(T message, IPipe<SendContext> pipe, CancellationToken cancellationToken) => WriteAsync(message, pipe, cancellationToken);

    protected override IPipe<SendContext<T>> GetPipeProxy<T>(IPipe<SendContext<T>>? pipe = null) => pipe ?? Pipe.Empty<SendContext<T>>();

    private async Task WriteAsync<T>(T message, IPipe<SendContext<T>>? pipe, CancellationToken cancellationToken)
        where T : class
    {
        var context = new MessageSendContext<T>(message, cancellationToken);
        var id = context.MessageId;
        if (pipe.IsNotEmpty())
        {
            await pipe!.Send(context).ConfigureAwait(false);
        }

        own.Write(context, context.MessageId == id ? null : context.MessageId);
    }
}
