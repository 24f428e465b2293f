using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Values;

namespace Outbox.Embedded.Tests.Language.Values;

public sealed class DecimalTests
{
    [Theory]
    [InlineData("1", "2", "3")]
    [InlineData("0.1", "0.2", "0.3")]
    [InlineData("9999999999999999999999999999999999", "1", "1.000000000000000000000000000000000E+34")]
    [InlineData("1E+40", "1", "1.000000000000000000000000000000000E+40")]
    [InlineData("Infinity", "-Infinity", "NaN")]
    [InlineData("9.999999999999999999999999999999999E+6144", "1E+6144", "Infinity")]
    public void Sums(string x, string y, string expected) => Assert.Equal(expected, Decimals.Add(Decimal128.Parse(x), Decimal128.Parse(y)).ToString());

    [Theory]
    [InlineData("1.5", "2", "3.0")]
    [InlineData("1234567890123456789012345678901234", "10", "12345678901234567890123456789012340")]
    [InlineData("0", "5", "0")]
    public void Products(string x, string y, string expected) => Assert.Equal(Decimal128.Parse(expected), Decimals.Multiply(Decimal128.Parse(x), Decimal128.Parse(y)));

    [Theory]
    [InlineData("1", "3", "0.3333333333333333333333333333333333")]
    [InlineData("2", "3", "0.6666666666666666666666666666666667")]
    [InlineData("10", "4", "2.5")]
    [InlineData("6", "3", "2")]
    [InlineData("-7", "2", "-3.5")]
    public void Quotients(string x, string y, string expected) => Assert.Equal(expected, Decimals.Divide(Decimal128.Parse(x), Decimal128.Parse(y)).ToString());

    [Theory]
    [InlineData("7", "3", "1")]
    [InlineData("-7", "3", "-1")]
    [InlineData("7.5", "2", "1.5")]
    public void Remainders(string x, string y, string expected) => Assert.Equal(expected, Decimals.Remainder(Decimal128.Parse(x), Decimal128.Parse(y)).ToString());

    [Theory]
    [InlineData(9999999.4999999999, "9999999.50000000")]
    [InlineData(0.1, "0.100000000000000")]
    [InlineData(-2.5, "-2.50000000000000")]
    public void Doubles_become_decimals_of_15_digits(double value, string expected) => Assert.Equal(expected, Decimals.FromDouble(value).ToString());
}
