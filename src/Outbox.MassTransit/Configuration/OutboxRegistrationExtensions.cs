using MassTransit;
using MassTransit.DependencyInjection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Outbox.Capture;
using Outbox.Capture.Calls;
using Outbox.Capture.Injected;
using Outbox.Delivery;
using Outbox.Inbox;

namespace Outbox;

/// <summary>Adds the outbox and the inbox to MassTransit.</summary>
public static class OutboxRegistrationExtensions
{
    /// <summary>
    /// Adds capture, relay and inbox. Options come from the configuration section <c>Outbox</c> and then from <paramref name="configure"/>.
    /// Also turns off MassTransit's usage telemetry, which would otherwise be sent to its vendor.
    /// </summary>
    public static void AddOutbox(this IBusRegistrationConfigurator registration, Action<OutboxConfigurator> configure)
    {
        registration.DisableUsageTelemetry();
        registration.AddValidatedOptions<BusOutboxOptions>(BusOutboxOptions.Section);
        ((IServiceCollection)registration).AddOutbox(configure);
        BusDelivery.AddTo(registration);
        registration.TryAddSingleton<MessageCapture>();
        registration.TryAddSingleton<CaptureEndpoints>();
        registration.TryAddSingleton<InboxMetrics>();
        registration.TryAddSingleton<OutsideRule>();
        registration.AddPublishObserver(provider => provider.GetRequiredService<OutsideRule>());
        registration.AddSendObserver(provider => provider.GetRequiredService<OutsideRule>());
        registration.ReplaceScoped<IScopedBusContextProvider<IBus>, AmbientBusContextProvider<IBus>>();
    }
}
