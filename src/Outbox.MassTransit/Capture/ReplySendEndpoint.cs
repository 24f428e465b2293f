using MassTransit;
using MassTransit.Transports;

namespace Outbox.Capture;

/// <summary>Where a consumer answers a request: answers of registered types are messages of its transaction, the others go out at once.</summary>
internal sealed class ReplySendEndpoint(ISendEndpoint direct, MessageCapture capture, ConsumeContext request, IOutboxTransaction transaction)
    : SendEndpointProxy(direct)
{
    public override Task Send<T>(T message, CancellationToken cancellationToken) =>
        capture.Knows(typeof(T)) ? capture.CaptureReplyAsync(message, null, request, transaction) : base.Send(message, cancellationToken);

    public override Task Send<T>(T message, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken) =>
        capture.Knows(typeof(T)) ? capture.CaptureReplyAsync(message, pipe, request, transaction) : base.Send(message, pipe, cancellationToken);

    public override Task Send<T>(T message, IPipe<SendContext> pipe, CancellationToken cancellationToken) =>
        capture.Knows(typeof(T)) ? capture.CaptureReplyAsync(message, pipe, request, transaction) : base.Send(message, pipe, cancellationToken);

    protected override IPipe<SendContext<T>> GetPipeProxy<T>(IPipe<SendContext<T>>? pipe = null) => pipe ?? Pipe.Empty<SendContext<T>>();
}
