using MassTransit;
using MassTransit.Util;

namespace Outbox.Capture.Calls;

/// <summary>
/// The endpoints of a consumer: all of them write into its transaction. But faults, and answers of types that are not registered, go out at once, also when the transaction fails later.
/// </summary>
internal sealed class TransactionEndpoints(ConsumerCapture capture, IOutboxTransaction transaction, ConsumeContext consumed) : ISendEndpointProvider, IPublishEndpointProvider
{
    public async Task<ISendEndpoint> GetSendEndpoint(Uri address)
    {
        if (address == consumed.FaultAddress && address != consumed.ResponseAddress)
        {
            return await consumed.ReceiveContext.SendEndpointProvider.GetSendEndpoint(address).ConfigureAwait(false);
        }

        var capturing = await capture.Endpoint.Value.SendEndpointProvider.GetSendEndpoint(address).ConfigureAwait(false);
        if (address != consumed.ResponseAddress)
        {
            return new CapturingSendEndpoint(capturing, Write);
        }

        var direct = await consumed.ReceiveContext.SendEndpointProvider.GetSendEndpoint(address).ConfigureAwait(false);
        return new ReplySendEndpoint(direct, new CapturingSendEndpoint(capturing, Write, consumed), capture.Messages);
    }

    public async Task<ISendEndpoint> GetPublishSendEndpoint<T>()
        where T : class => new CapturingSendEndpoint(await capture.Endpoint.Value.PublishEndpointProvider.GetPublishSendEndpoint<T>().ConfigureAwait(false), Write);

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => new EmptyConnectHandle();

    public ConnectHandle ConnectPublishObserver(IPublishObserver observer) => new EmptyConnectHandle();

    private Task Write(Action<IOutboxTransaction> write)
    {
        write(transaction);
        return Task.CompletedTask;
    }
}
