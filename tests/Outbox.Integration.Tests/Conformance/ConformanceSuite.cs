namespace Outbox.Integration.Tests.Conformance;

/// <summary>Tests of one contract, written once and run against every store that fulfils it.</summary>
public abstract class ConformanceSuite(StoreKind kind) : IAsyncLifetime
{
    protected StoreUnderTest Store { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Store = await StoreUnderTest.CreateAsync(kind);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Store.DisposeAsync();
    }

    protected Task<StoreUnderTest> AnotherAsync(Action<OutboxConfigurator>? configure = null) => StoreUnderTest.CreateAsync(kind, configure);
}
