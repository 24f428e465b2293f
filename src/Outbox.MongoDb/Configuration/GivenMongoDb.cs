using Microsoft.Extensions.DependencyInjection;
using MongoDB.Driver;

namespace Outbox.MongoDb.Configuration;

/// <summary>Knows whether the service brings a client or database of its own, registered before the outbox or after it.</summary>
internal sealed class GivenMongoDb(IServiceCollection services)
{
    private readonly List<ServiceDescriptor> _ours = [];

    public bool HasClient => Find(typeof(IMongoClient)) is not null;

    public bool HasDatabase => Find(typeof(IMongoDatabase)) is not null;

    /// <summary>The type that is registered for each scope, where one for all is needed.</summary>
    public Type? Scoped =>
        new[] { typeof(IMongoDatabase), typeof(IMongoClient) }.Select(Find).FirstOrDefault(found => found?.Lifetime == ServiceLifetime.Scoped)?.ServiceType;

    /// <summary>The one of these services: <c>UseMongoDb</c> may be called in several modules.</summary>
    public static GivenMongoDb Of(IServiceCollection services)
    {
        if (services.FirstOrDefault(service => service.ServiceType == typeof(GivenMongoDb))?.ImplementationInstance is GivenMongoDb there)
        {
            return there;
        }

        var given = new GivenMongoDb(services);
        services.AddSingleton(given);
        return given;
    }

    /// <summary>Registers ours, which serves where the service has none of its own.</summary>
    public void Offer<T>(Func<IServiceProvider, T> factory)
        where T : class
    {
        if (!services.Any(service => service.ServiceType == typeof(T) && !service.IsKeyedService))
        {
            var ours = ServiceDescriptor.Singleton(factory);
            _ours.Add(ours);
            services.Add(ours);
        }
    }

    private ServiceDescriptor? Find(Type type) =>
        services.LastOrDefault(service => service.ServiceType == type && !service.IsKeyedService) is { } last && !_ours.Contains(last) ? last : null;
}
