using MassTransit.Transports;

namespace Outbox.Capture.Calls;

/// <summary>Gives every address the same end.</summary>
internal sealed class CaptureTransports(MessageCapture capture) : ISendTransportProvider, IPublishTransportProvider
{
    public Uri NormalizeAddress(Uri address) => address;

    public Task<ISendTransport> GetSendTransport(Uri address) => Task.FromResult<ISendTransport>(new CaptureTransport(capture, address));

    public Task<ISendTransport> GetPublishTransport<T>(Uri? publishAddress)
        where T : class => Task.FromResult<ISendTransport>(new CaptureTransport(capture, destination: null));
}
