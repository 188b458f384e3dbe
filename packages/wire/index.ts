// SPDX-License-Identifier: Apache-2.0
export { bucketOf, keyDigest, openDigest } from './digest.ts'
export {
  addressOf,
  askFormat,
  headersOf,
  lanePattern,
  type Parcel,
  parcelText,
  readHeaders,
  type SignedParcel,
  signParcel,
  verifyParcel,
} from './parcel.ts'
