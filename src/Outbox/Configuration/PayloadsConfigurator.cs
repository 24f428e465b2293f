using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Outbox.Payloads;

namespace Outbox;

/// <summary>Collects what payloads go through: keys, stores, transforms of the user's.</summary>
public sealed class PayloadsConfigurator
{
    internal PayloadsConfigurator(IServiceCollection services) => Services = services;

    /// <summary>The services being configured.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Changes any option.</summary>
    public void Set(Action<PayloadOptions> change) => Services.Configure(change);

    /// <summary>Says where keys come from.</summary>
    public void UseKeys<T>()
        where T : class, IPayloadKeys => Services.Replace(ServiceDescriptor.Singleton<IPayloadKeys, T>());

    /// <inheritdoc cref="UseKeys{T}()"/>
    public void UseKeys(IPayloadKeys keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        Services.Replace(ServiceDescriptor.Singleton(keys));
    }

    /// <summary>Adds a transform of the user's, for topics that name it and for records that do.</summary>
    public void AddTransform<T>()
        where T : class, IPayloadTransform => Services.TryAddEnumerable(ServiceDescriptor.Singleton<IPayloadTransform, T>());

    /// <summary>Adds a store of claimed payloads, which topics name: <c>t.ClaimCheck(c => c.Store = "name")</c>.</summary>
    /// <param name="name">Its name, in this service.</param>
    /// <param name="store">Makes it.</param>
    public void AddStore(string name, Func<IServiceProvider, IPayloadStore> store)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(store);
        Services.RemoveAllKeyed<IPayloadStore>(name);
        Services.AddKeyedSingleton(name, (provider, _) => store(provider));
    }
}
