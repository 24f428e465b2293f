using MassTransit;
using MassTransit.Util;

namespace Outbox.Capture;

/// <summary>
/// The endpoints of a consumer: all of them write into its transaction. But faults, and answers of types that are not registered, go out at once, also when the transaction fails later.
/// </summary>
internal sealed class TransactionEndpoints(MessageCapture capture, IOutboxTransaction transaction, ConsumeContext consumed) : ISendEndpointProvider, IPublishEndpointProvider
{
    public async Task<ISendEndpoint> GetSendEndpoint(Uri address)
    {
        if (address != consumed.ResponseAddress && address != consumed.FaultAddress)
        {
            return new CapturingSendEndpoint(capture, address, Write);
        }

        var direct = await consumed.ReceiveContext.SendEndpointProvider.GetSendEndpoint(address).ConfigureAwait(false);
        return address == consumed.ResponseAddress ? new ReplySendEndpoint(direct, capture, consumed, transaction) : direct;
    }

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
