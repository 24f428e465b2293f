namespace Outbox.Integration.Tests.Conformance;

/// <summary>Tests of one contract, written once and run against every store that fulfils it.</summary>
public abstract class ConformanceSuite(StoreKind kind, Action<OutboxConfigurator>? configure = null) : IAsyncLifetime
{
    protected StoreUnderTest Store { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Store = await StoreUnderTest.CreateAsync(kind, configure);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Store.DisposeAsync();
    }

    protected Task<StoreUnderTest> AnotherAsync(Action<OutboxConfigurator>? other = null) => StoreUnderTest.CreateAsync(kind, other);
}
