using MassTransit;
using MassTransit.Clients;
using MassTransit.DependencyInjection;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Capture.Calls;

namespace Outbox.Capture.Injected;

/// <summary>
/// Replaces what stands behind an injected <see cref="IPublishEndpoint"/> and <see cref="ISendEndpointProvider"/>: inside a transaction they write into it.
/// </summary>
internal sealed class AmbientBusContextProvider<TBus>(
    TBus bus,
    Bind<TBus, IClientFactory> clients,
    Bind<TBus, IScopedConsumeContextProvider> busConsumeContext,
    IScopedConsumeContextProvider consumeContext,
    IServiceProvider services) : IScopedBusContextProvider<TBus>
    where TBus : class, IBus
{
    public ScopedBusContext Context { get; } = new AmbientBusContext(
        new ScopedBusContextProvider<TBus>(bus, clients, busConsumeContext, consumeContext, services).Context,
        services.GetRequiredService<CaptureEndpoints>(),
        services.GetRequiredService<OutsideRule>(),
        new Lazy<IOutbox>(services.GetRequiredService<IOutbox>),
        new CallScope(services, consumeContext.HasContext ? consumeContext.GetContext() : null));
}
