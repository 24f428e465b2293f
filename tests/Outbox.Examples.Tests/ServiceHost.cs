using Microsoft.AspNetCore.Builder;
using OrderService;
using ShippingService;

namespace Outbox.Examples.Tests;

/// <summary>Puts a service together in this process, as its own Program does, with settings on top of its appsettings.json.</summary>
internal static class ServiceHost
{
    public static IReadOnlyList<string> Names { get; } = ["OrderService", "ShippingService"];

    public static WebApplication Create(string service, IReadOnlyDictionary<string, string> settings)
    {
        string[] args = [$"--contentRoot={Repository.PathOf("examples", service)}", .. settings.Select(setting => $"--{setting.Key}={setting.Value}")];
        return service switch
        {
            "OrderService" => OrderServiceApp.Create(args),
            "ShippingService" => ShippingServiceApp.Create(args),
            _ => throw new ArgumentException($"There is no service {service}.", nameof(service)),
        };
    }
}
