using MassTransit;
using MassTransit.DependencyInjection;
using MassTransit.Transports;

namespace Outbox.Capture.Injected;

/// <summary>Where an endpoint was injected.</summary>
/// <param name="Services">The scope.</param>
/// <param name="Consumed">The message that the scope is for, if it is a consumer's.</param>
internal sealed record CallScope(IServiceProvider Services, ConsumeContext? Consumed)
{
    /// <summary>An endpoint whose calls show the scope to filters.</summary>
    public ISendEndpoint Enter(ISendEndpoint endpoint) =>
        new ScopedSendEndpoint(Consumed is null ? endpoint : new ConsumeSendEndpoint(endpoint, Consumed), Services);
}
