using MassTransit;

namespace Outbox.Inbox.Own;

/// <summary>A consumer's endpoints, the one that it is on among them: what is sent or scheduled there comes back to it alone.</summary>
internal sealed class OwnEndpoints(ISendEndpointProvider others, OwnMessages own) : ISendEndpointProvider
{
    public async Task<ISendEndpoint> GetSendEndpoint(Uri address)
    {
        var endpoint = await others.GetSendEndpoint(address).ConfigureAwait(false);
        return address == own.Address ? new OwnSendEndpoint(endpoint, own) : endpoint;
    }

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => others.ConnectSendObserver(observer);
}
