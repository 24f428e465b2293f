using MassTransit;
using MassTransit.Transports;

namespace Outbox.Capture.Calls;

/// <summary>Says of each call on a capture endpoint which transaction it is for.</summary>
/// <param name="endpoint">An endpoint of a <see cref="CaptureEndpoint"/>.</param>
/// <param name="write">Gives a message to the transaction.</param>
/// <param name="request">The request that is answered here, if any.</param>
internal sealed class CapturingSendEndpoint(ISendEndpoint endpoint, Func<Action<IOutboxTransaction>, Task> write, ConsumeContext? request = null) : SendEndpointProxy(endpoint)
{
    protected override IPipe<SendContext<T>> GetPipeProxy<T>(IPipe<SendContext<T>>? pipe = null) => new CapturePipe<T>(pipe, new CaptureCall(write, request));
}
