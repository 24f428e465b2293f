using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Outbox.Testing.Configuration;

/// <summary>Gives endpoints of the bus the inbox that they would have on Kafka.</summary>
internal sealed class InboxOnEveryEndpoint(IServiceProvider services) : IConfigureReceiveEndpoint
{
    public void Configure(string name, IReceiveEndpointConfigurator configurator) =>
        configurator.UseInbox(services.GetRequiredService<IBusRegistrationContext>());
}
