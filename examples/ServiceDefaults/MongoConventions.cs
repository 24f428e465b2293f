using MongoDB.Bson.Serialization.Conventions;

namespace ServiceDefaults;

/// <summary>How documents are written: camelCase names, no nulls.</summary>
internal static class MongoConventions
{
    // Runs once, however many services one process hosts.
    private static readonly Lazy<bool> Registered = new(() =>
    {
        var pack = new ConventionPack
        {
            new CamelCaseElementNameConvention(),
            new IgnoreIfNullConvention(true),
            new IgnoreExtraElementsConvention(true),
        };
        ConventionRegistry.Register("examples", pack, type => type.Namespace is { } name && (name.StartsWith("OrderService") || name.StartsWith("ShippingService")));
        return true;
    });

    public static void Register() => _ = Registered.Value;
}
