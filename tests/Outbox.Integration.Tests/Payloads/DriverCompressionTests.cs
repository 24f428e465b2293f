using System.Reflection;
using System.Text;
using MongoDB.Driver;

namespace Outbox.Integration.Tests.Payloads;

public sealed class DriverCompressionTests
{
    /// <summary>The driver was built against an older version of the library that both use, and loads ours when a connection asks for <c>compressors=zstd</c>.</summary>
    [Fact]
    public void The_drivers_own_zstd_works_with_the_library_that_payloads_are_compressed_with()
    {
        var type = typeof(MongoClient).Assembly.GetTypes().Single(x => x.Name == "ZstandardCompressor");
        var constructor = type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)[0];
        var compressor = constructor.Invoke([.. constructor.GetParameters().Select(parameter => parameter.HasDefaultValue ? Activator.CreateInstance(parameter.ParameterType) : null)]);
        using var compressed = new MemoryStream();
        using var clear = new MemoryStream();

        type.GetMethod("Compress")!.Invoke(compressor, [new MemoryStream(Encoding.UTF8.GetBytes(new string('a', 10_000))), compressed]);
        compressed.Position = 0;
        type.GetMethod("Decompress")!.Invoke(compressor, [compressed, clear]);

        Assert.InRange(compressed.Length, 1, 1_000);
        Assert.Equal(10_000, clear.Length);
    }
}
