using MassTransit;
using MassTransit.Util;

namespace Outbox.Capture;

/// <summary>The endpoints of a consumer: all of them write into its transaction.</summary>
internal sealed class TransactionEndpoints(MessageCapture capture, IOutboxTransaction transaction) : ISendEndpointProvider, IPublishEndpointProvider
{
    public Task<ISendEndpoint> GetSendEndpoint(Uri address) => Task.FromResult<ISendEndpoint>(new CapturingSendEndpoint(capture, address, Write));

    public Task<ISendEndpoint> GetPublishSendEndpoint<T>()
        where T : class => Task.FromResult<ISendEndpoint>(new CapturingSendEndpoint(capture, destination: null, Write));

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => new EmptyConnectHandle();

    public ConnectHandle ConnectPublishObserver(IPublishObserver observer) => new EmptyConnectHandle();

    private Task Write(Action<IOutboxTransaction> write)
    {
        write(transaction);
        return Task.CompletedTask;
    }
}
