namespace Outbox;

/// <summary>Configures what payloads go through.</summary>
public static class PayloadsConfiguratorExtensions
{
    /// <summary>
    /// Says where keys and large payloads are, and which transforms there are. Which topic's payloads are compressed, encrypted or claimed is said with the topic: <c>t.Compress()</c>,
    /// <c>t.Encrypt()</c>, <c>t.ClaimCheck()</c>. An endpoint undoes what a record's headers say, so a consumer needs its keys and stores here.
    /// </summary>
    public static void Payloads(this OutboxConfigurator outbox, Action<PayloadsConfigurator> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        configure(new PayloadsConfigurator(outbox.Services));
    }
}
