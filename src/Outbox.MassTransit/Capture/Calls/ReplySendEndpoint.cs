using MassTransit;
using MassTransit.Transports;

namespace Outbox.Capture.Calls;

/// <summary>Where a consumer answers a request: answers of registered types are messages of its transaction, the others go out at once.</summary>
internal sealed class ReplySendEndpoint(ISendEndpoint direct, ISendEndpoint capturing, MessageCapture capture) : SendEndpointProxy(direct)
{
    public override Task Send<T>(T message, CancellationToken cancellationToken) =>
        capture.Knows(message) ? capturing.Send(message, cancellationToken) : base.Send(message, cancellationToken);

    public override Task Send<T>(T message, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken) =>
        capture.Knows(message) ? capturing.Send(message, pipe, cancellationToken) : base.Send(message, pipe, cancellationToken);

    public override Task Send<T>(T message, IPipe<SendContext> pipe, CancellationToken cancellationToken) =>
        capture.Knows(message) ? capturing.Send(message, pipe, cancellationToken) : base.Send(message, pipe, cancellationToken);

    protected override IPipe<SendContext<T>> GetPipeProxy<T>(IPipe<SendContext<T>>? pipe = null) => pipe ?? Pipe.Empty<SendContext<T>>();
}
