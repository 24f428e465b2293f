using System.ComponentModel;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Outbox.Kafka;
using Outbox.MongoDb;
using ShippingService.Shipments;

namespace Outbox.Examples.Tests.Compose;

/// <summary>Holds a service's environment variables against the options that the service really gets from them.</summary>
internal static class BoundVariables
{
    /// <returns>What is wrong; empty when each variable has set the option that its name says.</returns>
    public static async Task<IReadOnlyList<string>> CheckAsync(string service, IReadOnlyDictionary<string, string> variables)
    {
        var settings = variables.ToDictionary(variable => variable.Key.Replace("__", ":", StringComparison.Ordinal), variable => variable.Value);
        await using var app = ServiceHost.Create(service, settings);
        var options = Options(app);
        return settings.Where(setting => setting.Key != "Urls").Select(setting => Check(options, setting.Key, setting.Value)).OfType<string>().ToList();
    }

    private static Dictionary<string, object> Options(WebApplication app)
    {
        var found = new Dictionary<string, object>(StringComparer.OrdinalIgnoreCase)
        {
            [OutboxOptions.Section] = Value<OutboxOptions>(app),
            [MongoDbOptions.Section] = Value<MongoDbOptions>(app),
            [KafkaOptions.Section] = Value<KafkaOptions>(app),
        };
        if (app.Services.GetServices<IConfigureOptions<ShippingOptions>>().Any())
        {
            found[ShippingOptions.Section] = Value<ShippingOptions>(app);
        }

        return found;
    }

    private static T Value<T>(WebApplication app)
        where T : class => app.Services.GetRequiredService<IOptions<T>>().Value;

    private static string? Check(Dictionary<string, object> options, string key, string value)
    {
        var colon = key.LastIndexOf(':');
        if (colon < 0 || !options.TryGetValue(key[..colon], out var section))
        {
            return $"{key}: the service has no such section.";
        }

        var property = section.GetType().GetProperties().FirstOrDefault(found => found.Name.Equals(key[(colon + 1)..], StringComparison.OrdinalIgnoreCase));
        if (property is null)
        {
            return $"{key}: {section.GetType().Name} has no such option.";
        }

        var expected = TypeDescriptor.GetConverter(property.PropertyType).ConvertFromString(null, CultureInfo.InvariantCulture, value);
        return Equals(expected, property.GetValue(section)) ? null : $"{key}: the service has {property.GetValue(section)} instead of {value}.";
    }
}
