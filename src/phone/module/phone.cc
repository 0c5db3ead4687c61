// SPDX-License-Identifier: MIT
// libphonenumber behind two C functions. The only C++ of the program, in a shared object that is opened when a person's
// input must be parsed: linked in, it would double the start-up.
#include "module.h"

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>

#include <phonenumbers/phonenumber.pb.h>
#include <phonenumbers/phonenumberutil.h>

namespace {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

enum phone_type type_of(PhoneNumberUtil::PhoneNumberType type)
{
    switch (type) {
    case PhoneNumberUtil::FIXED_LINE:
        return PHONE_FIXED;
    case PhoneNumberUtil::MOBILE:
        return PHONE_MOBILE;
    case PhoneNumberUtil::FIXED_LINE_OR_MOBILE:
        return PHONE_FIXED_OR_MOBILE;
    case PhoneNumberUtil::TOLL_FREE:
        return PHONE_TOLL_FREE;
    case PhoneNumberUtil::PREMIUM_RATE:
        return PHONE_PREMIUM;
    case PhoneNumberUtil::SHARED_COST:
        return PHONE_SHARED_COST;
    case PhoneNumberUtil::VOIP:
        return PHONE_VOIP;
    case PhoneNumberUtil::PERSONAL_NUMBER:
        return PHONE_PERSONAL;
    case PhoneNumberUtil::PAGER:
        return PHONE_PAGER;
    case PhoneNumberUtil::UAN:
        return PHONE_UAN;
    case PhoneNumberUtil::VOICEMAIL:
        return PHONE_VOICEMAIL;
    case PhoneNumberUtil::UNKNOWN:
        return PHONE_UNKNOWN;
    }
    return PHONE_UNKNOWN;
}

enum phone_verdict parse_verdict(PhoneNumberUtil::ErrorType error, bool has_plus)
{
    switch (error) {
    case PhoneNumberUtil::NO_PARSING_ERROR:
        return PHONE_IS;
    case PhoneNumberUtil::INVALID_COUNTRY_CODE_ERROR:
        return has_plus ? PHONE_UNKNOWN_COUNTRY : PHONE_NEEDS_COUNTRY;
    case PhoneNumberUtil::NOT_A_NUMBER:
        return PHONE_NOT_A_NUMBER;
    case PhoneNumberUtil::TOO_SHORT_AFTER_IDD:
    case PhoneNumberUtil::TOO_SHORT_NSN:
        return PHONE_TOO_SHORT;
    case PhoneNumberUtil::TOO_LONG_NSN:
        return PHONE_TOO_LONG;
    }
    return PHONE_NOT_A_NUMBER;
}

enum phone_verdict length_verdict(PhoneNumberUtil::ValidationResult result)
{
    switch (result) {
    case PhoneNumberUtil::IS_POSSIBLE:
        return PHONE_IS;
    case PhoneNumberUtil::IS_POSSIBLE_LOCAL_ONLY:
        return PHONE_NEEDS_AREA;
    case PhoneNumberUtil::INVALID_COUNTRY_CODE:
        return PHONE_UNKNOWN_COUNTRY;
    case PhoneNumberUtil::TOO_SHORT:
        return PHONE_TOO_SHORT;
    case PhoneNumberUtil::TOO_LONG:
        return PHONE_TOO_LONG;
    case PhoneNumberUtil::INVALID_LENGTH:
        return PHONE_WRONG_LENGTH;
    }
    return PHONE_NOT_A_NUMBER;
}

template <size_t size> void copy(const std::string &from, char (&to)[size])
{
    std::snprintf(to, size, "%s", from.c_str());
}

enum phone_verdict parse(const std::string &text, const std::string &region, struct phone_number *ret)
{
    const PhoneNumberUtil &util = *PhoneNumberUtil::GetInstance();
    PhoneNumber number;
    const bool has_plus = text.find('+') != std::string::npos;
    enum phone_verdict verdict = parse_verdict(util.Parse(text, region.empty() ? "ZZ" : region, &number), has_plus);
    if (verdict != PHONE_IS)
        return verdict;
    verdict = length_verdict(util.IsPossibleNumberWithReason(number));
    if (verdict != PHONE_IS)
        return verdict;

    struct phone_number result;
    std::memset(&result, 0, sizeof result);
    std::string out;
    copy(number.extension(), result.extension);
    number.clear_extension();
    util.Format(number, PhoneNumberUtil::E164, &out);
    if (out.size() >= E164_SIZE)
        return PHONE_TOO_LONG; // longer than the 15 digits of E.164, which some national plans still allow
    copy(out, result.e164);
    util.Format(number, PhoneNumberUtil::NATIONAL, &out);
    copy(out, result.national);
    result.valid = util.IsValidNumber(number);
    util.GetRegionCodeForNumber(number, &out);
    if (out == "ZZ") // possible and not valid: the country that the code belongs to in the first place
        util.GetRegionCodeForCountryCode(number.country_code(), &out);
    if (out.size() == 2 && out != "ZZ")
        copy(out, result.region);
    result.type = type_of(util.GetNumberType(number));
    *ret = result;
    return PHONE_IS;
}

} // namespace

int phone_module_abi(void)
{
    return PHONE_MODULE_ABI;
}

enum phone_verdict phone_module_parse(const char *text, size_t len, const char *region, struct phone_number *ret)
{
    try {
        return parse(std::string(text, len), std::string(region), ret);
    } catch (...) {
        return PHONE_FAILED;
    }
}
